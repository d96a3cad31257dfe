visorcli software revocation import -f /tmp/list.p7m --evict
