visorcli sched group add -g host/user -n apps --cpu-shares=200
