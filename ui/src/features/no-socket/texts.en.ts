// English, and the type of the other languages.
export const en = {
  reconnecting: 'Reconnecting…',
  offlineNow: 'Offline. Your messages wait.',
  retryNow: 'Retry now',
  connectionLost: 'Connection lost. Reconnecting.',
  connectionStopped: 'The server ended the connection. Reload the page to try again.',
  noSocketUpgrade:
    'The server answers, but no WebSocket gets through, so you see nothing new. Something in front of the server does not pass on the headers Upgrade and Connection. Whoever runs it finds what to write in docs/operations.md, “Behind a proxy”.',
  noSocketPath:
    'The server answers, but its address /ws leads elsewhere, so you see nothing new. The proxy in front of the server has to hand on every path, as in docs/operations.md, “Behind a proxy”.',
};
