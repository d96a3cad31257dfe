visorcli system version get
