// The gateway that many start from: rooms on NestJS and Socket.IO, the token in the query.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ChatGateway } from './chat.gateway.js';

@Module({ providers: [ChatGateway] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] });
await app.listen(0, '127.0.0.1');
console.log((await app.getUrl()).replace('http://', ''));
