esxcli network ip dns server remove -s 2001:db8::53
