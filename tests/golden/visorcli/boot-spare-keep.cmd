visorcli system boot spare keep --rate=1024
