visorcli system event list
