// Command centrifuge is a chat server on the Centrifuge library, with the library's JSON protocol and
// defaults.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"

	"github.com/centrifugal/centrifuge"

	"parley/tools/peers/servers/peer"
)

func main() {
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		log.Fatal(err)
	}
	node.OnConnecting(func(_ context.Context, e centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		user, err := peer.User(e.Token)
		if err != nil {
			return centrifuge.ConnectReply{}, centrifuge.DisconnectInvalidToken
		}
		return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{UserID: user}}, nil
	})
	node.OnConnect(func(client *centrifuge.Client) {
		client.OnSubscribe(func(_ centrifuge.SubscribeEvent, done centrifuge.SubscribeCallback) {
			done(centrifuge.SubscribeReply{}, nil)
		})
		client.OnPublish(func(e centrifuge.PublishEvent, done centrifuge.PublishCallback) {
			var said peer.Said
			if err := json.Unmarshal(e.Data, &said); err != nil {
				done(centrifuge.PublishReply{}, centrifuge.ErrorBadRequest)
				return
			}
			heard := peer.Heard{Event: "message", Room: e.Channel, From: client.UserID(), Text: said.Text}
			result, err := node.Publish(e.Channel, peer.JSON(heard))
			done(centrifuge.PublishReply{Result: &result}, err)
		})
	})
	if err := node.Run(); err != nil {
		log.Fatal(err)
	}
	http.Handle("/ws", centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{}))
	peer.Serve(http.DefaultServeMux)
}
