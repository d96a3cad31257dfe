esxcli network ip dns search remove --domain a.example
