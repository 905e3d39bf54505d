//! `overdue`, and what is told outside the registry.

super::messages! {
    OVERDUE = "overdue-job", 10,
        "{job}: lyckades senast för {age} sedan, mer än {most}. Se \"mantal runs\" och om cron går.",
        "{job}: last did its work {age} ago, more than {most}. See \"mantal runs\", and whether cron goes on.";
    NEVER = "overdue-never", 10,
        "{job}: har aldrig lyckats, på {age}; väntat inom {most}.",
        "{job}: never did its work, in {age}; expected within {most}.";
    IN_TIME = "overdue-in-time", 20,
        "{job}: lyckades för {age} sedan (högst {most}).",
        "{job}: did its work {age} ago (at most {most}).";
    NOT_YET = "overdue-not-yet", 20,
        "{job}: har inte lyckats än, men det är tid kvar ({most}).",
        "{job}: has not done its work yet, but there is time left ({most}).";
    NOTHING_WATCHED = "overdue-nothing", 20,
        "Inget bevakas: ange max_age för jobben i konfigurationen.",
        "Nothing is watched: set max_age for the jobs in the configuration.";
    NO_METRICS = "overdue-no-metrics", 5,
        "{file} är ingen hel fil med mantals mätvärden, eller den har inget max_age.",
        "{file} is not a whole file of mantal's metrics, or has no max_age in it.";
    PING_FAILED = "ping-not-delivered", 10,
        "Övervakningen fick inte veta hur {job} gick ({step}): {reason}",
        "The monitor was not told how {job} went ({step}): {reason}";
    COMMAND_FAILED = "notify-command-failed", 10,
        "Programmet i notify.command misslyckades efter {job}: {reason}",
        "The program of notify.command failed after {job}: {reason}";
    METRICS_FAILED = "metrics-not-written", 10,
        "Mätvärdena (notify.metrics_file) kunde inte skrivas: {reason}",
        "The metrics (notify.metrics_file) could not be written: {reason}";
}
