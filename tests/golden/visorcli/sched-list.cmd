esxcli sched group list
