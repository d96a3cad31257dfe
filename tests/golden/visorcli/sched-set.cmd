visorcli sched group set -g host/user/x --mem-max=64 --mem-soft=-1 --cpu-max 50 --cpus=2- --nodes 0,1 --io-max=5 --io-shares 50
