visorcli system log tail -n vmkernel -l 2
