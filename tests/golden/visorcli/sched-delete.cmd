visorcli sched group delete -g host/user/apps
