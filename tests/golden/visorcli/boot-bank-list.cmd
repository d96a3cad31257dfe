visorcli system boot bank list
