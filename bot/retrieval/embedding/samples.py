"""What two engines of one model are compared by, before the second serves and in the tests. Loads neither."""

# Two engines that round differently agree to six nines; a graph that pools or cuts otherwise does not reach three.
AGREEMENT = 0.9999
# Short, long, longer than the model reads, and letters of other scripts; encoded together, so that padding shows.
SAMPLES = (
    "fee",
    "How long does a customer have to bring the modem back?",
    "Equipment returns > When the fee applies\nEquipment returned within 30 days of disconnection is not charged.",
    "Ünïcode, 100 € and a “quotation” – ¿qué tal? 日本語",
    "A supervisor may waive the fee once in twelve months if the customer returned everything. " * 9,
    "the quick brown fox jumps over the lazy dog " * 40,
)
