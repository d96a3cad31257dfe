visorcli system state confirm
