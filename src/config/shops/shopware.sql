SELECT o.order_number AS order_reference,
       {provider:m.technical_name} AS provider,
       CAST(o.amount_total AS DECIMAL(20, 2)) AS amount,
       c.iso_code AS currency,
       CASE s.technical_name
         WHEN 'open' THEN 'PENDING'
         WHEN 'in_progress' THEN 'PENDING'
         WHEN 'unconfirmed' THEN 'PENDING'
         WHEN 'authorized' THEN 'FAVORABLE'
         WHEN 'paid' THEN 'FUNDED'
         WHEN 'paid_partially' THEN 'FUNDED'
         WHEN 'reminded' THEN 'FUNDED'
         WHEN 'refunded_partially' THEN 'FUNDED'
         WHEN 'chargeback' THEN 'FUNDED'
         WHEN 'refunded' THEN 'CANCELLED'
         WHEN 'cancelled' THEN 'CANCELLED'
         WHEN 'failed' THEN 'REFUSED'
         ELSE s.technical_name
       END AS status,
       CONCAT(o.order_date_time, '+00:00') AS ordered_at,
       CONCAT(COALESCE(o.updated_at, o.created_at), '+00:00') AS updated_at
  FROM `order` o
  JOIN currency c ON c.id = o.currency_id
  JOIN order_transaction t ON t.order_id = o.id AND t.order_version_id = o.version_id
  JOIN payment_method m ON m.id = t.payment_method_id
  JOIN state_machine_state s ON s.id = t.state_id
 WHERE o.version_id = 0x0fa91ce3e96a4bc2be4bd9ce752c3425
   AND o.amount_total > 0
   AND {methods:m.technical_name}
   AND NOT EXISTS (SELECT 1 FROM order_transaction n
                    WHERE n.order_id = t.order_id AND n.order_version_id = t.order_version_id
                      AND n.created_at > t.created_at)
   AND (COALESCE(o.updated_at, o.created_at) >= :since
        OR COALESCE(t.updated_at, t.created_at) >= :since)
