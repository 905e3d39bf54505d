//! One HTTP request that tells a monitor how a job stands. Anything but 2xx is not delivered; a redirect is not followed,
//! because the address is a secret of the monitor's.

use std::{
    fs,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use rustls::pki_types::{CertificateDer, pem::PemObject};
use ureq::{
    Agent, Error,
    config::Config,
    http::Uri,
    tls::{Certificate, RootCerts, TlsConfig},
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};

use super::addresses;
use crate::leak_control::{self, Place};

const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(10);

/// Sends `body` to an address. Fails with a reason that does not repeat the address.
pub fn ping(address: &str, body: &str) -> Result<(), String> {
    let leaked = leak_control::text(Place::PingAddress).map_or_else(String::new, |text| format!("?{text}"));
    let body = leak_control::text(Place::PingBody).unwrap_or_else(|| body.to_owned());
    let answer = agent().post(format!("{address}{leaked}")).content_type("text/plain").send(body);
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("HTTP {}", answer.status().as_u16())),
        Err(error) => Err(reason(&error)),
    }
}

fn agent() -> Agent {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(provider)
        .root_certs(RootCerts::Specific(Arc::new(authorities())))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(TOTAL))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .user_agent(concat!("mantal/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::new(), Names)
}

/// Looks names up as the drop server's are.
#[derive(Debug)]
struct Names;

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        _config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().ok_or(Error::HostNotFound)?.trim_matches(['[', ']']).to_owned();
        let standard = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        let port = uri.port_u16().unwrap_or(standard);
        let (sender, receiver) = mpsc::channel();
        // A name server that never answers can't be timed out; its thread is left behind.
        thread::spawn(move || drop(sender.send(addresses::find(&host, port))));
        let answer = receiver.recv_timeout(*timeout.after).map_err(|_| Error::Timeout(timeout.reason))?;
        let found = answer.ok().filter(|found| !found.is_empty()).ok_or(Error::HostNotFound)?;
        let mut room = self.empty();
        // As many as there is room for.
        found.into_iter().take(16).for_each(|address| room.push(address));
        Ok(room)
    }
}

/// Those that the system trusts.
fn authorities() -> Vec<Certificate<'static>> {
    let places = openssl_probe::probe();
    let folders = places.cert_dir.iter().flat_map(fs::read_dir).flatten().flatten().map(|entry| entry.path());
    let files: Vec<_> = places.cert_file.map_or_else(|| folders.collect(), |file| vec![file]);
    let content = files.iter().flat_map(fs::read).flat_map(|content| {
        CertificateDer::pem_slice_iter(&content).flatten().map(CertificateDer::into_owned).collect::<Vec<_>>()
    });
    content.map(|der| Certificate::from_der(&der).to_owned()).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the list of ureq has no end, and some name the address")]
fn reason(error: &Error) -> String {
    match error {
        Error::Timeout(_) => "timeout".to_owned(),
        Error::HostNotFound => "unknown host".to_owned(),
        Error::ConnectionFailed => "no connection".to_owned(),
        Error::Io(error) => error.kind().to_string(),
        Error::Rustls(error) => error.to_string(),
        _ => "no answer".to_owned(),
    }
}
