visorcli software profile install --profile=lab --ok-to-remove
