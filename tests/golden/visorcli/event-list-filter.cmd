visorcli system event list --since=7 --severity=error --id=oom --from=2026-11-22 --to=2026-11-23 --before=9
