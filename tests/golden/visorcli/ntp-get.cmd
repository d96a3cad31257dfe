visorcli system ntp get
