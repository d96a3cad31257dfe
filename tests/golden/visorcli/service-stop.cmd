visorcli system service stop -n crond
