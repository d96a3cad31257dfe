visorcli software bundle install --name='strace,tcpdump>=4' --depot=http://depot/,/tmp/../d.zip
