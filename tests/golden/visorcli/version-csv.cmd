visorcli --formatter=csv system version get
