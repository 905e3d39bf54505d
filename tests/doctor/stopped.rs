//! A signal in the middle of a look.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use mantal::{
    config,
    failure::Kind,
    jobs::doctor::{Around, Check, Diagnosis, Verdict, Visit, examine},
    transport::SshPlaces,
};

use super::support::World;

#[test]
fn a_signal_at_any_step_ends_the_look_and_what_was_not_seen_is_not_called_damaged() {
    let world = World::with_three("");
    let settings = config::load(&world.path("w/mantal.toml"), &[]).unwrap();
    let mut steps = 0;
    loop {
        let stop: Arc<AtomicUsize> = Arc::default();
        let heard = RefCell::new(Vec::new());
        let witness = |check: &Check| {
            heard.borrow_mut().push(check.clone());
            if heard.borrow().len() == steps + 1 {
                stop.store(15, Ordering::Relaxed);
            }
        };
        let around = Around {
            settings: &settings,
            now: &chrono::Utc::now,
            stop: &stop,
            credentials: None,
            ssh: SshPlaces::default(),
            visit: Visit::Full,
        };
        let outcome = examine(&around, &Diagnosis::new(&witness));
        let all = heard.into_inner();
        let wrong: Vec<&Check> = all.iter().filter(|check| check.verdict == Verdict::Problem).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        assert!(world.put().is_empty(), "no probe is left: {:?}", all.last());
        match outcome {
            Ok(()) => break,
            Err(failure) => assert_eq!(failure.kind, Kind::Interrupted(15)),
        }
        steps += 1;
    }
    assert!(steps > 10, "{steps}");
}
