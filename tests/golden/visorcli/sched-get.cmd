visorcli sched group get -g host/vim/vmvisor/hostd
