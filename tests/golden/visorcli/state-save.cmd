visorcli system state save
