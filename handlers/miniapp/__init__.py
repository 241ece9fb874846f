"""The Mini App: another way in. Its calls are answered here, by the same use cases as the chat's."""
