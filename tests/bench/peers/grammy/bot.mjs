// The peer: grammY, with its runner when it polls; the same answer to /help as ours gives.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { run } from "@grammyjs/runner";
import { Bot, webhookCallback } from "grammy";

const { url, token, port, text, reply_markup } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const bot = new Bot(token, { client: { apiRoot: url } });
bot.command("help", (context) => context.reply(text, { parse_mode: "HTML", reply_markup }));
if (port) createServer(webhookCallback(bot, "http")).listen(port, "127.0.0.1");
else run(bot);
