SELECT o.number AS order_reference,
       {provider:m.code} AS provider,
       CAST(o.total AS DECIMAL(20, 2)) / 100 AS amount,
       o.currency_code AS currency,
       CASE o.payment_state
         WHEN 'awaiting_payment' THEN 'PENDING'
         WHEN 'partially_authorized' THEN 'PENDING'
         WHEN 'authorized' THEN 'FAVORABLE'
         WHEN 'partially_paid' THEN 'FUNDED'
         WHEN 'paid' THEN 'FUNDED'
         WHEN 'partially_refunded' THEN 'FUNDED'
         WHEN 'refunded' THEN 'CANCELLED'
         WHEN 'cancelled' THEN 'CANCELLED'
         ELSE o.payment_state
       END AS status,
       o.checkout_completed_at AS ordered_at,
       o.updated_at AS updated_at
  FROM sylius_order o
  JOIN sylius_payment p ON p.order_id = o.id
  JOIN sylius_payment_method m ON m.id = p.method_id
 WHERE o.checkout_completed_at IS NOT NULL
   AND o.total > 0
   AND {methods:m.code}
   AND NOT EXISTS (SELECT 1 FROM sylius_payment n WHERE n.order_id = p.order_id AND n.id > p.id)
   AND o.updated_at >= :since
