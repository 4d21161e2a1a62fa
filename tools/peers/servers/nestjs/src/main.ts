// A chat gateway as many projects begin with: rooms on NestJS and Socket.IO, with the token in the query.
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ChatGateway } from './chat.gateway.js';

@Module({ providers: [ChatGateway] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error'] });
await app.listen(0, '127.0.0.1');
console.log((await app.getUrl()).replace('http://', ''));
