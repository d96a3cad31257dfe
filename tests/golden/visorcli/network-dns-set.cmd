visorcli network ip dns set -s "192.0.2.53 2001:db8::53" -d "" -P false --confirm=60
