visorcli system state list
