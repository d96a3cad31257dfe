visorcli --formatter=json system version get
