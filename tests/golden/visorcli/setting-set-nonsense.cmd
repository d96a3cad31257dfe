visorcli system settings advanced set -o /UserVars/ESXiShellTimeOut -i soon
