esxcli system settings advanced set -o /Annotations/WelcomeMessage -s "Hello {hostname}"
