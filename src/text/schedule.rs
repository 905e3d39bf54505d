//! Single runs at a given time: `schedule`, `run-due`.

super::messages! {
    BAD_TIME = "schedule-bad-time", 5,
        "--at är ett datum och en tid, som \"2026-12-01 22:00\".",
        "--at takes a date and a time, such as \"2026-12-01 22:00\".";
    PAST = "schedule-past", 5,
        "{at} är mer än {most} sedan (schedule.max_late); jobbet skulle aldrig starta.",
        "{at} is more than {most} ago (schedule.max_late); the job would never start.";
    WORDS = "schedule-words", 5,
        "Jobbet {job} förstår inte sina flaggor: {reason}",
        "The job {job} does not understand its flags: {reason}";
    OWN_CONFIG = "schedule-own-config", 5,
        "--config står före \"schedule\": jobbet använder samma konfiguration som run-due.",
        "--config goes before \"schedule\": the job uses the configuration of run-due.";
    PERSONAL = "schedule-personal", 5,
        "Schemat sparar inga personuppgifter, och en av flaggorna har ett värde som kan vara en. Skriv person:17 i stället för ett nummer.",
        "The schedule keeps nothing personal, and one of the flags has a value that could be. Say person:17 instead of a number.";
    NOT_WAITING = "schedule-not-waiting", 5,
        "Rad {schedule} väntar inte längre ({state}); inget har ändrats.",
        "Line {schedule} no longer waits ({state}); nothing was changed.";
    ADDED = "schedule-added", 18,
        "Rad {schedule}: {job} startar {at}.",
        "Line {schedule}: {job} starts at {at}.";
    TAKEN_AWAY = "schedule-removed", 18,
        "Rad {schedule}: {job} startar inte.",
        "Line {schedule}: {job} does not start.";
    LOOKED = "schedule-looked", 20, "Att starta: {due}.", "To start: {due}.";
    LATE = "late-schedule", 10,
        "Rad {schedule} i schemat: {job} skulle ha startat {at} och startades inte, för att ingen tittade i tid. Se efter varför run-due inte kördes, och starta jobbet för hand om det behövs.",
        "Line {schedule} of the schedule: {job} should have started at {at} and was not started, because nobody looked in time. See why run-due was not run, and start the job by hand if it is needed.";
    BROKEN_OFF = "schedule-broken-off", 10,
        "Rad {schedule} i schemat: {job}, som skulle starta {at}, startades och avbröts (körning {run}; 0: innan den hade en rad). Det startas inte igen av sig självt: se efter, och kör det för hand om det behövs.",
        "Line {schedule} of the schedule: {job}, meant for {at}, was started and broke off (run {run}; 0: before it had a row). It is not started again by itself: look, and run it by hand if it is needed.";
    RESTORED = "schedule-restored", 10,
        "Rad {schedule} i schemat: {job}, som skulle starta {at}, väntade när säkerhetskopian gjordes. Om det har körts sedan dess vet ingen här; det startas inte av sig självt. Se efter, och kör det för hand om det behövs.",
        "Line {schedule} of the schedule: {job}, meant for {at}, waited when the backup was made. Whether it has run since is not known here; it is not started by itself. Look, and run it by hand if it is needed.";
    WORD_ID = "word-schedule-id", 20, "rad", "line";
    WORD_JOB = "word-schedule-job", 20, "jobb", "job";
    WORD_FLAGS = "word-schedule-flags", 20, "flaggor", "flags";
    WORD_AT = "word-schedule-at", 20, "tid", "time";
    WORD_STATE = "word-schedule-state", 20, "läge", "state";
    WORD_RUN = "word-schedule-run", 20, "körning", "run";
    WORD_EXIT = "word-schedule-exit", 20, "slutkod", "exit";
    WAITING = "word-schedule-waiting", 20, "väntar", "waiting";
    STARTED = "word-schedule-started", 20, "startat", "started";
    DONE = "word-schedule-done", 20, "klart", "done";
    TOO_LATE = "word-schedule-late", 20, "för sent", "too late";
    BROKEN = "word-schedule-broken", 20, "avbrutet", "broken off";
    REMOVED = "word-schedule-removed", 20, "borttaget", "removed";
}
