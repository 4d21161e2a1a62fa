import {
	ConnectedSocket,
	MessageBody,
	type OnGatewayConnection,
	SubscribeMessage,
	WebSocketGateway,
	WebSocketServer,
} from '@nestjs/websockets';
import jwt from 'jsonwebtoken';
import type { Namespace, Socket } from 'socket.io';

const secret = process.env.PEER_SECRET ?? '';

@WebSocketGateway({ namespace: '/chat', cors: true })
export class ChatGateway implements OnGatewayConnection {
	@WebSocketServer()
	private readonly server!: Namespace;

	handleConnection(client: Socket) {
		try {
			const claims = jwt.verify(String(client.handshake.query.token), secret, { algorithms: ['HS256'] });
			client.data.user = claims.sub;
		} catch {
			client.disconnect();
		}
	}

	@SubscribeMessage('joinRoom')
	async joinRoom(@MessageBody() data: { room: string }, @ConnectedSocket() client: Socket) {
		await client.join(data.room);
		return { event: 'joinedRoom', data: { room: data.room } };
	}

	@SubscribeMessage('roomMessage')
	roomMessage(@MessageBody() data: { room: string; message: string }, @ConnectedSocket() client: Socket) {
		this.server.to(data.room).emit('receiveRoomMessage', {
			from: client.data.user,
			message: data.message,
			room: data.room,
		});
	}
}
