package client_test

import (
	"context"
	"log"

	"parley/chat"
	"parley/client"
)

// A bot that answers "ping" and waits until its answer is stored.
func Example() {
	ctx := context.Background()
	const server = "https://chat.example.com"
	signIn := func(ctx context.Context) (string, error) {
		return client.SignIn(ctx, server, "bot", "its password")
	}
	token, err := signIn(ctx)
	if err != nil {
		log.Fatal(err)
	}
	bot, err := client.Open(ctx, client.Options{
		URL: server, Token: token, Renew: signIn,
		OnEvent: func(bot *client.Client, event any) {
			if added, ok := event.(chat.MessageAdded); ok && added.Message.Body == "ping" {
				sent, err := bot.Send(ctx, added.Message.RoomID, "pong")
				log.Println("answered at", sent.Seq, err)
			}
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer bot.Close()
	<-bot.Done()
}
