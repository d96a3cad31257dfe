esxcli network ip dns search add -d a.example
