esxcli system settings advanced set -o /UserVars/ESXiShellTimeOut -i 900
