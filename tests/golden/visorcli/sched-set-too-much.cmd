visorcli sched group set -g host/user/x --mem-min=640
