visorcli system state history
