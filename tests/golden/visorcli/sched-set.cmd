visorcli sched group set -g host/user/x --mem-max=64 --mem-soft=-1 --cpu-max 50
