// connect (the namespace is /chat)
const socket = io('http://localhost:3000/chat', {
  query: { token: '用户登录后的JWT' }
});
socket.on('connect', () => {
  console.log('已连接到 WebSocket 服务');
});

// a message to everyone in the chat
socket.emit('sendMessage', { user: '小明', message: 'Hello NestJS!' });
socket.on('receiveMessage', data => {
  console.log('收到消息：', data);
});

// single chat
socket.emit('privateMessage', { toUserId: 'user2', message: '你好，user2！' });
socket.on('receivePrivateMessage', data => console.log('收到私聊：', data));

// rooms
socket.emit('joinRoom', { room: 'group1' });
socket.emit('roomMessage', { room: 'group1', message: '大家好！' });
socket.on('receiveRoomMessage', data => console.log('收到群聊：', data));

// broadcast
socket.emit('broadcast', { message: '全体注意！' });
socket.on('receiveBroadcast', data => console.log('收到广播：', data));
