visorcli system boot bank set --rollback
