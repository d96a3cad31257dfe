visorcli system state cancel
