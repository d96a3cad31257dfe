visorcli system boot bank confirm
