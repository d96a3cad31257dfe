visorcli sched group set -g host/user/x --reset
