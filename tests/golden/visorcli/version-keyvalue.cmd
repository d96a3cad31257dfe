esxcli --formatter keyvalue system version get
