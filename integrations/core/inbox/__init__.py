"""What other systems announce: taken in durably, processed once, whatever the order.

request → `views_intake` → `understanding` → `moves.storing` (one statement) → 2xx → `bell`
→ `tasks_webhooks` → `processing` → `titles.sync_titles`, which marks them done as it applies.
"""
