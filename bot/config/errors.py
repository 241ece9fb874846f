"""What is wrong with a set-up, so that a start or a command ends at once.

SetupError
├── ConfigInvalid, DotenvUnreadable                     bot.config
├── AnalyzerMissing                                     bot.analysis.choice
├── AddressUnusable                                     bot.operations.http
├── PortTaken                                           bot.commands.playground
├── NoDatabase                                          bot.commands.operator_session
├── DatabaseUrlInvalid                                  bot.storage.engine.location
├── DatabaseInUse                                       bot.storage.processes.locks
├── KeyInvalid, KeyMissing, KeyMismatch, KeyLost        bot.storage.engine
├── SecretLost                                          bot.storage.engine.vault
├── TombstonesUnreadable                                bot.storage.people.tombstones
└── DatabaseNewer, DatabaseForeign, NotEmpty, WrongWay, NotAFile, NothingThere, LitestreamMissing   bot.storage.upkeep
"""


class SetupError(Exception):
    """Somebody has to change something: no restart helps. `bot.commands.failures` has the sentence for each."""
